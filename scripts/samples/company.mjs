// The invented company behind the sample files: its departments, people and questionnaire.

/**
 * `mood` is the mean answer on the scale of 1–5; `shift` moves single questions: these are what makes a department
 * critical, one by stress, one by people about to leave, or bring it near.
 */
export const DEPARTMENTS = [
  { name: 'Sales', size: 48, mood: 4.15, shift: {} },
  { name: 'Marketing', size: 26, mood: 4.25, shift: {} },
  {
    name: 'Customer Service',
    size: 30,
    mood: 3.1,
    shift: { 3: -0.4, 7: -0.2, 11: -0.4, 15: -0.2, 1: 0.3, 9: 0.3 },
  },
  { name: 'Operations', size: 58, mood: 4.05, shift: { 3: -0.1 } },
  { name: 'Logistics', size: 28, mood: 3.95, shift: { 1: -1.3, 9: -0.6, 12: -1.5 } },
  { name: 'Finance', size: 30, mood: 4.2, shift: {} },
  { name: 'Human Resources', size: 18, mood: 4.35, shift: {} },
  { name: 'Information Technology', size: 44, mood: 4.1, shift: { 2: -0.2 } },
  { name: 'Research & Development', size: 40, mood: 4.3, shift: { 3: 0.2 } },
  { name: 'Legal', size: 12, mood: 3.2, shift: { 9: -0.3 } },
  { name: 'Quality Assurance', size: 26, mood: 4.1, shift: { 1: -0.7, 9: -0.8 } },
].map((department, index) => ({ ...department, id: `D${String(index + 1).padStart(2, '0')}` }));

/** Column labels after the dimension that each question counts for (contract, section 4). */
export const QUESTIONS = [
  'Q1_Recommend',
  'Q2_Manager_Support',
  'Q3_Tools_And_Resources',
  'Q4_Learning_Opportunities',
  'Q5_Customer_First',
  'Q6_Trust_In_Strategy',
  'Q7_Respect_And_Inclusion',
  'Q8_Social_Responsibility',
  'Q9_Proud_To_Work_Here',
  'Q10_Leaders_Communicate',
  'Q11_Clear_Processes',
  'Q12_Career_Growth',
  'Q13_Customer_Feedback_Used',
  'Q14_Confident_In_Future',
  'Q15_Values_Are_Lived',
];

export const LOCATIONS = ['Berlin', 'Jakarta', 'Lisbon', 'Nairobi', 'São Paulo', 'Toronto'];

export const LEVELS = [
  { level: 'Staff', position: 'Specialist', grades: ['G3', 'G4', 'G5'] },
  { level: 'Staff', position: 'Analyst', grades: ['G4', 'G5'] },
  { level: 'Staff', position: 'Coordinator', grades: ['G3', 'G4'] },
  { level: 'Senior', position: 'Senior Specialist', grades: ['G6', 'G7'] },
  { level: 'Lead', position: 'Team Lead', grades: ['G8'] },
];
export const MANAGER = { level: 'Manager', position: 'Manager', grades: ['G9', 'G10'] };

const words = (text) => text.trim().split(/\s+/);

export const FIRST_NAMES = {
  female:
    words(`Aaliyah Amara Ana Anouk Ayşe Chiara Dewi Elif Fatima Freya Hana Ines Ingrid Isabela Jasmine Keiko
    Leila Linh Lucía Malia Mei Nadia Ngozi Noor Olga Priya Rania Rosa Sakura Siobhán Sofia Thandiwe Wanjiru Yara
    Zofia Zuri`),
  male: words(`Ahmed Alejandro Anders Arjun Bayu Björn Chidi Daniel Diego Emeka Finn Giorgos Hiroshi Ivan Jamal João
    Kaito Kwame Liam Luca Mateo Mehmet Minh Nikolai Omar Pavel Rafael Rahul Samuel Sipho Tariq Tomasz Viktor Wei
    Yusuf Ziad`),
  'non-binary': words('Alex Ari Kai Noa Robin Sam'),
};

export const LAST_NAMES =
  words(`Abebe Achieng Ali Almeida Andersson Bauer Bianchi Chen Costa Cruz Demir Diallo
  Dubois Eriksson Fernández García Gupta Haddad Hansen Hussein Ibrahim Ito Ivanova Jansen Kamau Kaya Khan Kim Kowalski
  Kumar Lee Lopes Mahmoud Martínez Mbeki Müller Mwangi Nair Nakamura Nguyen Novák Nowak O’Brien Okafor Okoye Papadopoulos
  Park Patel Pereira Petrov Putri Ramírez Rossi Santoso Sato Schneider Sharma Silva Singh Suzuki Tanaka Tran Tremblay
  Wang Weber Wijaya Williams Wright Yılmaz Zhang Zulu`);
